# Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
wget -q http://files.invalid/a -O /tmp/a
/usr/bin/true /tmp/b
