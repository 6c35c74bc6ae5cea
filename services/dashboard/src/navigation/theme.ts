import { useCallback, useState } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'eden.theme';

/** What the reader has chosen in this browser; else what their system says. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => keep(stored()));
  const choose = useCallback((chosen: Theme) => {
    localStorage.setItem(KEY, chosen);
    setTheme(keep(chosen));
  }, []);
  return [theme, choose];
}

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/** design/tokens.css reads it. */
function keep(theme: Theme): Theme {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  return theme;
}
