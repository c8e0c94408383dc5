"""Run by `start_servers.sh` once everything is installed."""

import sys

from launcher.supervisor import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
