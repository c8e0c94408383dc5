"""Run the launcher with other programs: `run_launcher.py PROGRAMS_AS_JSON ARGUMENT ...`."""

import json
import sys

from launcher.supervisor import Programs, main

sys.exit(main(sys.argv[2:], Programs(**json.loads(sys.argv[1]))))
