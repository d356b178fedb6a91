"""What runs inside the guest: its second stage of booting, the agent, and programs that scenarios start."""
