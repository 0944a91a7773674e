-- What the todo server does for a cached read, without the token: count the request and fetch the list, in one pipeline
-- to Redis.
local redis = require "nginx.redis"

local connection = redis:new()
connection:set_timeout(250)
local ok, fault = connection:connect("127.0.0.1", tonumber(os.getenv("REDIS_PORT")))
if not ok then
    ngx.log(ngx.ERR, "could not connect to Redis: ", fault)
    return ngx.exit(ngx.HTTP_SERVICE_UNAVAILABLE)
end

local counter = "limit:" .. ngx.var.remote_addr
connection:init_pipeline(2)
connection:incr(counter)
connection:get("todos:everybody")
local replies, fault = connection:commit_pipeline()
if not replies then
    ngx.log(ngx.ERR, "no response from Redis: ", fault)
    return ngx.exit(ngx.HTTP_SERVICE_UNAVAILABLE)
end
local count, todos = replies[1], replies[2]
if count == 1 then connection:expire(counter, 10) end
connection:set_keepalive(60000, 64)

ngx.header["Content-Type"] = "application/json"
if count > tonumber(os.getenv("RATE_LIMIT")) then
    ngx.status = ngx.HTTP_TOO_MANY_REQUESTS
    ngx.say('{"detail":"Too many requests"}')
    return
end
if todos == ngx.null then return ngx.exit(ngx.HTTP_NOT_FOUND) end
local body = '{"source":"cache","todos":' .. todos .. "}"
ngx.header["Content-Length"] = #body
ngx.print(body)
