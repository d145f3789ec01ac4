#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image (Ubuntu 22.04): a Python with what the grader needs,
# and modes that keep the harness and the answer key from everybody but root. Workers get users of their own by
# number, drawn for each of them, so no account has to be made.
set -euo pipefail
umask 022

SOURCE=/autograder/source
VENV=/opt/autograder   # outside of SOURCE, because the users of the workers must be able to read it

# Where requirements.txt names torch: the address of an index with PyTorch's builds for processors alone.
# Left empty, pip takes the usual builds, which bring some GB for graphics cards along.
TORCH_INDEX="${TORCH_INDEX:-}"

if [ ! -x "$VENV/bin/python" ]; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 python3-venv
    python3 -m venv "$VENV"
fi
install_them() { "$VENV/bin/python" -m pip install --disable-pip-version-check --quiet -c "$SOURCE/constraints.txt" "$@"; }
if [ -n "$TORCH_INDEX" ] && grep --quiet '^torch' "$SOURCE/requirements.txt"; then
    install_them --index-url "$TORCH_INDEX" torch torchvision
fi
install_them -r "$SOURCE/requirements.txt"

"$VENV/bin/python" -m compileall -q "$SOURCE/autograder"   # every submission gets a fresh container
cd "$SOURCE"
"$VENV/bin/python" -m autograder images --part "@PART@" @SETTINGS@   # so do the test images, made once
chown -R root:root "$SOURCE"
chmod -R go= "$SOURCE"

# For people who read the log of the build: what the sandbox is made of here. Below level C nothing will be graded.
"$VENV/bin/python" -m autograder doctor || echo "The doctor has complaints; see above."
