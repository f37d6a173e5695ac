#!/bin/sh
# Writes the one file that holds a secret, then becomes Asterisk.
set -eu
umask 077
cat > /etc/asterisk/ari.conf <<CONF
[general]
enabled=yes
websocket_write_timeout=5000
[callwright]
type=user
read_only=no
password=${ARI_PASSWORD:?set ARI_PASSWORD in docker/.env}
CONF
exec asterisk -f
