"""Run the launcher with other programs.

    python run_launcher.py heeded|ignored PROGRAMS_AS_JSON ARGUMENT ...

It starts with SIGHUP and SIGINT as a terminal leaves them, or ignored, as by a shell that was told
`nohup ... &`; what the tests themselves were started by makes no difference.
"""

import json
import signal
import sys

from launcher.supervisor import Programs, main

DISPOSITIONS = {"heeded": signal.SIG_DFL, "ignored": signal.SIG_IGN}

for number in (signal.SIGHUP, signal.SIGINT):
    signal.signal(number, DISPOSITIONS[sys.argv[1]])
sys.exit(main(sys.argv[3:], Programs(**json.loads(sys.argv[2]))))
