#!/bin/sh
# Becomes drachtio at the address of this container, and at SIP_PUBLIC_IP for phones and carriers, where that is set.
set -eu
: "${DRACHTIO_SECRET:?set DRACHTIO_SECRET in docker/.env}"
set -- --file /etc/drachtio.conf.xml --contact "sip:${SIP_IP:?}:5060;transport=udp,tcp"
if [ -n "${SIP_PUBLIC_IP:-}" ]; then
  set -- "$@" --external-ip "$SIP_PUBLIC_IP" --local-net "${SIP_LOCAL_NET:?}"
fi
exec drachtio "$@"
