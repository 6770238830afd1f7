local function primes(n)
  local composite = {}
  for k = 0, n - 1 do composite[k] = 0 end
  local count = 0
  for k = 2, n - 1 do
    if composite[k] == 0 then
      count = count + 1
      for multiple = k * k, n - 1, k do composite[multiple] = 1 end
    end
  end
  return count
end

return function() return primes(1000000) end
