import type { ComponentProps } from 'react';
import { Link as Anchor } from 'wouter';

/** A place of the dashboard. An id in it is one step of the path, whatever characters it has. */
export function path(...steps: readonly string[]): string {
  return `/${steps.map(encodeURIComponent).join('/')}`;
}

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  readonly to: string;
}

export function Link({ to, ...rest }: LinkProps) {
  return <Anchor href={to} {...rest} />;
}
