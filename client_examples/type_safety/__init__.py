"""What type checkers find in client code of each API: how docs/type_safety.md is made."""
