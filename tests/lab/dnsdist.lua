-- The DoH front: real answers from behind, and the failures that servers behind it cannot make.
-- The names between @ are filled in when it starts.

setACL({ "127.0.0.0/8" })
setSecurityPollSuffix("")
setServerPolicy(firstAvailable)

-- The slow front asks this one, which holds its answers back; delays work over plain DNS only.
setLocal("127.0.0.1:@LATE@")

-- A page of another origin may read the answers, as at public resolvers.
local cors = { customResponseHeaders = { ["access-control-allow-origin"] = "*" } }
addDOHLocal("127.0.0.1:@DOH@", nil, nil, "/dns-query", cors)
addDOHLocal("127.0.0.1:@DOH_TLS@", "@DIR@/cert.pem", "@DIR@/key.pem", "/dns-query", cors)
-- HTTP/2, because browsers open no more than six connections of the other kind.
addDOHLocal("127.0.0.1:@DOH_SLOW@", "@DIR@/cert.pem", "@DIR@/key.pem", "/dns-query", cors)

newServer({ address = "127.0.0.1:@LATE@", name = "late", pool = "late", healthCheckMode = "up" })
newServer({ address = "127.0.0.1:@UNBOUND@", name = "unbound", healthCheckMode = "up" })
newServer({ address = "127.0.0.1:@RBLDNSD@", name = "rbldnsd", pool = "rbl", healthCheckMode = "up" })

addAction(DSTPortRule(@DOH_SLOW@), PoolAction("late"))
addAction(DSTPortRule(@LATE@), DelayAction(50))

-- Failures by name.
addAction({ "servfail.example.", "80.33.22.11.in-addr.arpa.", "spamrbl.swinog.ch." }, RCodeAction(DNSRCode.SERVFAIL))
addAction(AndRule({ makeRule("shop.alias-unknown.example."), QTypeRule(DNSQType.CNAME) }), RCodeAction(DNSRCode.SERVFAIL))
addAction(AndRule({ makeRule("ds-unknown.example."), QTypeRule(DNSQType.DS) }), RCodeAction(DNSRCode.SERVFAIL))
addAction({ "refused.example.", "bl.nordspam.com." }, RCodeAction(DNSRCode.REFUSED))

-- A service of Spamhaus that is not switched on for a key fails; the one good key goes to rbldnsd.
local good = makeRule({
  "abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net.",
  "abcdefghijklmnopqrstuvwxyz.dbl.dq.spamhaus.net.",
})
addAction(AndRule({ makeRule("dq.spamhaus.net."), NotRule(good) }), RCodeAction(DNSRCode.REFUSED))

-- The blocklists.
for line in io.lines("@SOURCE@/rbl/zones.txt") do
  local zone = line:match("^([%w.-]+):")
  if zone then
    addAction({ zone .. "." }, PoolAction("rbl"))
  end
end
