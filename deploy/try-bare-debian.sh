#!/usr/bin/env bash
# Does `make demo` work on a bare Debian 12, as an ordinary user, and how long does it take?
#
#   sudo deploy/try-bare-debian.sh [--test] [FOLDER]
#
# Makes a minimal root with python3, python3-pip, make and ca-certificates only, copies what git tracks into it, and
# as a new user runs `make demo` until the home page answers; stops it; starts it again. With --test also `make test`.
# This machine's package settings (pip, apt) are copied into the root for the trial, so a mirror or proxy keeps working.
# The root is removed afterwards; KEEP=1 keeps it, and a FOLDER with a root in it is used again (its user's home is
# emptied first, so the cache is cold). Needs root, debootstrap, git and curl.
set -euo pipefail

tests=""
if [ "${1:-}" = "--test" ]; then tests=1; shift; fi
tree="$(cd "$(dirname "$0")/.." && pwd)"
root="${1:-$(mktemp -d /var/tmp/becontree-bare.XXXXXX)}"
port="${PORT:-8731}"
suite="${SUITE:-bookworm}"
limit_first=180
limit_second=10

for needed in debootstrap git curl chroot; do
  command -v "$needed" >/dev/null || { echo "This needs $needed." >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "This needs root, for debootstrap and chroot." >&2; exit 2; }

tidy() {
  inside_stop
  for mounted in dev proc sys; do
    if mountpoint -q "$root/$mounted"; then umount -l "$root/$mounted"; fi
  done
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$root"
}
inside_stop() {
  if [ -s "$root/home/resident/served.pid" ]; then
    kill -TERM -- "-$(cat "$root/home/resident/served.pid")" 2>/dev/null || true
    : >"$root/home/resident/served.pid"
    sleep 2
  fi
}
trap tidy EXIT

echo "== A bare $suite in $root"
mirror="$(grep -hoE '^(URIs:|deb) +[^ ]*' /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '{print $2}' | head -n 1 || true)"
if [ ! -x "$root/usr/bin/make" ]; then
  debootstrap --variant=minbase --include=python3,python3-pip,make,ca-certificates "$suite" "$root" \
    ${mirror:+"$mirror"} >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; exit 1; }
  rm -f "$root.log"
fi
chmod 755 "$root"
rm -rf --one-file-system "$root/home/resident"

echo "== This machine's package settings, for the trial only"
for file in /etc/pip.conf /etc/hosts /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt; do
  if [ -e "$file" ]; then install -D -m 644 "$(readlink -f "$file")" "$root$file"; fi
done
for file in "${HOME:-/root}/.config/pip/pip.conf" "${HOME:-/root}/.pip/pip.conf" "${HOME:-/root}/.config/uv/uv.toml"; do
  if [ -e "$file" ]; then install -D -m 644 "$file" "$root/home/resident/.config/$(basename "$(dirname "$file")" | tr -d .)/$(basename "$file")"; fi
done
settings=()
while IFS= read -r -d '' pair; do
  name="${pair%%=*}"
  if [[ "$name" =~ ^(PIP_|UV_)|^(https?|no|all)_proxy$|^(HTTPS?|NO|ALL)_PROXY$|^(SSL_CERT_FILE|REQUESTS_CA_BUNDLE)$ ]]; then
    settings+=("$pair")
  fi
done </proc/self/environ
# Folders of wheels on this machine that those settings name.
{ printf '%s\n' "${settings[@]:-}"; cat /etc/pip.conf "${HOME:-/root}/.config/pip/pip.conf" /etc/uv/uv.toml 2>/dev/null || true; } |
  grep -oE '(file://)?/(opt|srv|mnt|var)/[^ ",'\'']+' | sed 's#^file://##' | sort -u | while read -r folder; do
  if [ -d "$folder" ] && [ ! -e "$root$folder" ]; then mkdir -p "$root$folder" && cp -a "$folder/." "$root$folder/"; fi
done

echo "== The tree, as an ordinary user's"
chroot "$root" id resident >/dev/null 2>&1 || chroot "$root" useradd --no-create-home --shell /bin/bash resident
mkdir -p "$root/home/resident/becontree"
git -C "$tree" -c safe.directory="$tree" ls-files -z | (cd "$tree" && tar --null --files-from=- -cf -) | tar -xf - -C "$root/home/resident/becontree"
chroot "$root" chown -R resident: /home/resident
for mounted in dev proc sys; do mount --rbind "/$mounted" "$root/$mounted"; mount --make-rslave "$root/$mounted"; done

as_resident() {
  chroot --userspec=resident "$root" /usr/bin/env -i HOME=/home/resident USER=resident LANG=C.UTF-8 \
    PATH=/usr/local/bin:/usr/bin:/bin ${settings[@]+"${settings[@]}"} /bin/bash -c "cd ~/becontree && $1"
}
as_resident true
for absent in git gcc curl node; do
  if as_resident "command -v $absent" >/dev/null; then echo "The root is not bare: it has $absent." >&2; exit 1; fi
done

# Serve in a process group of its own, wait for the home page, say how many seconds that took.
until_home() {
  local began now
  began=$(date +%s)
  setsid bash -c "echo \$\$ >'$root/home/resident/served.pid'; exec chroot --userspec=resident '$root' /usr/bin/env -i \
    HOME=/home/resident USER=resident LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin \"\$@\" \
    /bin/bash -c 'cd ~/becontree && exec make demo PORT=$port'" serve ${settings[@]+"${settings[@]}"} \
    >"$root/home/resident/demo.log" 2>&1 &
  local child=$!
  until curl --silent --fail --noproxy '*' --max-time 5 "http://127.0.0.1:$port/" 2>/dev/null | grep -q "<h1"; do
    kill -0 "$child" 2>/dev/null || { tail -n 30 "$root/home/resident/demo.log" >&2; return 1; }
    now=$(date +%s)
    [ $((now - began)) -lt 1500 ] || { tail -n 30 "$root/home/resident/demo.log" >&2; return 1; }
    sleep 0.5
  done
  echo $(($(date +%s) - began))
}

first=$(until_home)
echo "make demo, cold: the home page after $first s (bar: $limit_first s)"
inside_stop
second=$(until_home)
echo "make demo, again: the home page after $second s (bar: $limit_second s)"
inside_stop
left=$(as_resident 'find ~ -mindepth 1 -maxdepth 1 ! -name becontree ! -name ".bash*" ! -name .profile ! -name served.pid ! -name demo.log ! -name .config | wc -l')
echo "left in the user's home beside the tree: $left"
as_resident ".venv/bin/becontree demo --check" | tail -n 3

status=0
# A PostgreSQL of this machine is none of the root's: its tests must say plainly that they ran without one.
if [ -n "$tests" ]; then
  as_resident "BECONTREE_TEST_POSTGRES=postgres://nobody@127.0.0.1:1/none BECONTREE_TEST_WORKERS=${BECONTREE_TEST_WORKERS:-2} make test" || status=1
fi
[ "$first" -le "$limit_first" ] || { echo "Too slow the first time."; status=1; }
[ "$second" -le "$limit_second" ] || { echo "Too slow the second time."; status=1; }
exit $status
