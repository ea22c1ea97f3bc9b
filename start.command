#!/bin/sh
# macOS: double-click to set up and open Daybook. (Linux: ./start.command)
cd "$(dirname "$0")" || exit 1
for python in python3.13 python3.12 python3.11 python3; do
    if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        "$python" .ci/setup.py .venv requirements.txt && exec .venv/bin/python app.py --demo --open
        echo "Daybook did not start; see the lines above. Press Return to close."
        read -r _
        exit 1
    fi
done
echo "Daybook needs Python 3.11 or newer: https://www.python.org/downloads/  Press Return to close."
read -r _
exit 1
