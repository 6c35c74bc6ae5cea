/** Each asks the program itself (`eden __complete`), so that it knows what this version knows. */
export const SCRIPTS = {
  bash: `_eden() {
  local IFS=$'\\n'
  COMPREPLY=($(eden __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _eden eden`,
  zsh: `#compdef eden
_eden() {
  local -a candidates
  candidates=("\${(@f)$(eden __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _eden eden`,
  fish: `complete -c eden -a '(eden __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

export type ShellName = keyof typeof SCRIPTS;
