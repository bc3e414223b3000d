"""Pipewright: a cloud CRM sold to companies (B2B)."""
