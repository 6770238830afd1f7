local function mandelbrot(size, limit)
  local inside = 0
  for row = 0, size - 1 do
    local ci = 3 * row / size - 1.5
    for column = 0, size - 1 do
      local cr = 3 * column / size - 2
      local x, y, steps = 0.0, 0.0, 0
      while steps < limit and x * x + y * y <= 4 do
        local t = x * x - y * y + cr
        y = 2 * x * y + ci
        x = t
        steps = steps + 1
      end
      if steps == limit then inside = inside + 1 end
    end
  end
  return inside
end

return function() return mandelbrot(200, 100) end
