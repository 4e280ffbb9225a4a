-- The DoH front. The names between @ are filled in when the server starts.

setLocal("127.0.0.1:@LATE@")
setACL({ "127.0.0.0/8" })
setSecurityPollSuffix("")

-- A page of another origin may read the answers, as at public resolvers.
local cors = { customResponseHeaders = { ["access-control-allow-origin"] = "*" } }
addDOHLocal("127.0.0.1:@DOH@", nil, nil, "/dns-query", cors)
addDOHLocal("127.0.0.1:@DOH_SLOW@", nil, nil, "/dns-query", cors)
addDOHLocal("127.0.0.1:@DOH_TLS@", "@DIR@/cert.pem", "@DIR@/key.pem", "/dns-query", cors)

newServer({ address = "127.0.0.1:@UNBOUND@", name = "unbound" })
