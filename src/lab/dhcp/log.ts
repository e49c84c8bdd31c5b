import { basename } from 'node:path';
import type { Sighting } from '../observation.ts';

const messages = {
  DHCPDISCOVER: 'discover',
  DHCPOFFER: 'offer',
  DHCPREQUEST: 'request',
  DHCPACK: 'ack',
  DHCPNAK: 'nak',
} as const;

function isMessage(word: string): word is keyof typeof messages {
  return word in messages;
}

/**
 * What a line of dnsmasq's log says (written by rfc2131.c and tftp.c of dnsmasq).
 *
 * @returns undefined for a line that says nothing of interest
 */
export function readDhcpLog(line: string): Sighting | undefined {
  const dhcp =
    /\b(DHCP[A-Z]+)\(\w+\) (?:(\d+\.\d+\.\d+\.\d+) )?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/.exec(line);
  if (dhcp !== null) {
    const [, word = '', address, mac = ''] = dhcp;
    if (!isMessage(word)) return undefined;
    return {
      type: 'dhcp',
      message: messages[word],
      mac,
      ...(address === undefined ? {} : { address }),
    };
  }
  const sent = /\bsent (\/\S+) to /.exec(line)?.[1];
  if (sent !== undefined) return { type: 'tftp', file: basename(sent), outcome: 'sent' };
  const missing = /\bfile (\/\S+) not found for /.exec(line)?.[1];
  if (missing !== undefined) return { type: 'tftp', file: basename(missing), outcome: 'missing' };
  const failed = /\bfailed sending (\/\S+) to /.exec(line)?.[1];
  if (failed !== undefined) return { type: 'tftp', file: basename(failed), outcome: 'failed' };
  return undefined;
}
