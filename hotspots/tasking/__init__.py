"""Tasking: referrals to partners, and where and when to engage residents."""
