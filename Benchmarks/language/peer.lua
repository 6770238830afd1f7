-- Runs one of the programs beside it and prints how many seconds it took: lua peer.lua fib
local here = arg[0]:match("^(.*)/") or "."
local run = dofile(here .. "/" .. arg[1] .. ".lua")
local start = os.clock()
run()
print(os.clock() - start)
