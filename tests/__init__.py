"""The tests: a package, so that its folders may share names with the project's own."""
