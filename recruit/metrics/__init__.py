"""Figures for monitoring, in Prometheus's format: how requests, mails and jobs fare. No names."""
