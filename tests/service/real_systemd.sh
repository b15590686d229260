# Run by test_real_systemd.py inside its mount namespace; $1 is systemd. Lines that begin with @ are what it found.
set -euo pipefail
mount -t tmpfs tmpfs /run/systemd
mkdir /run/systemd/system
bus=$(dbus-daemon --session --fork --print-pid --address="$DBUS_SESSION_BUS_ADDRESS")
"$1" --user --log-target=null &
manager=$!
trap 'systemctl --user exit 2>/dev/null || true; kill "$manager" "$bus" 2>/dev/null || true' EXIT

for _ in $(seq 100); do systemctl --user show-environment >/dev/null 2>&1 && break; sleep 0.1; done

state() { echo "$(systemctl --user is-enabled commonplace.service) $(systemctl --user is-active commonplace.service)"; }
process() { systemctl --user show commonplace.service --property=MainPID --value; }

"$COMMONPLACE" vault init notes --yes
"$COMMONPLACE" service install
echo "@installed: $(state)"
echo "@first: $(process)"
"$COMMONPLACE" service install
echo "@repeated: $(state)"

killed=$(process)
kill -KILL "$killed"
for _ in $(seq 100); do
    sleep 0.1
    next=$(process)
    [ "$next" != 0 ] && [ "$next" != "$killed" ] && "$COMMONPLACE" status --json | grep -q "\"pid\": $next" && break
done
echo "@after kill: $next"

"$COMMONPLACE" service restart
echo "@after restart: $(process)"
"$COMMONPLACE" service status
"$COMMONPLACE" service stop
echo "@stopped: $(state || true)"
"$COMMONPLACE" service start
"$COMMONPLACE" service uninstall
echo "@uninstalled: $(find "$HOME/.config" -type f -o -type l | wc -l) files"
