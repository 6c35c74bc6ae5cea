/** Whether a URL's host is one of those that the installation allows: a name, `name:port`, or `*.domain` for what is below it. */
export function isAllowedHost(url: URL, allowed: readonly string[]): boolean {
  const { hostname, protocol } = url;
  const host = `${hostname}:${url.port || (protocol === 'https:' ? '443' : '80')}`;
  return allowed.some((entry) =>
    entry.startsWith('*.')
      ? hostname.endsWith(entry.slice(1).toLowerCase())
      : [hostname, host].includes(entry.toLowerCase()),
  );
}
