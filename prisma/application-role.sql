-- A role for gateways and workers that can append to the audit and change nothing in it, nor any trigger. The tables stay with
-- the role that runs db:deploy. Again after each db:deploy: new tables belong to that role, too.
--   psql "$DEPLOY_URL" -v role=eden_app -f prisma/application-role.sql
GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"role";
REVOKE UPDATE, DELETE ON audit FROM :"role";
REVOKE INSERT, UPDATE, DELETE ON audit_links, audit_heads FROM :"role";
GRANT EXECUTE ON FUNCTION eden_chain_audit(integer), eden_prune_audit(integer, integer) TO :"role";
