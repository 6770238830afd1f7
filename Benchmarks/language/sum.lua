local function total(n)
  local sum = 0
  for k = 0, n - 1 do sum = sum + k end
  return sum
end

return function() return total(10000000) end
