-- Runs several of the other scripts in one call: those that a process runs in one turn of its event loop.
--
-- KEYS       of all of them, one after the other
-- ARGV       for each: the sha1 of its text, how many KEYS it has, how many arguments, these
-- Returns    for each what it returns, or the text of its error

local scripts = {}
--- the texts, each as scripts[sha1] = function(KEYS, ARGV) … end

local results = {}
local key, argument = 1, 1
while argument <= #ARGV do
  local run = scripts[ARGV[argument]]
  local keys, arguments = {}, {}
  for i = 1, tonumber(ARGV[argument + 1]) do
    keys[i] = KEYS[key]
    key = key + 1
  end
  for i = 1, tonumber(ARGV[argument + 2]) do
    arguments[i] = ARGV[argument + 2 + i]
  end
  argument = argument + 3 + #arguments
  local is_done, result = pcall(run, keys, arguments)
  if not is_done and type(result) == 'table' then
    result = result.err
  end
  results[#results + 1] = is_done and result or tostring(result)
end
return results
