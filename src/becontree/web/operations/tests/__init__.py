"""Tests of keeping an installation well."""
