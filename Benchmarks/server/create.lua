wrk.method = "POST"
wrk.body = '{"title":"milk and bread","completed":false}'
wrk.headers["Content-Type"] = "application/json"
