"""Those who work at the desk: their accounts, passwords, second factors, invitations, sessions and throttles."""
