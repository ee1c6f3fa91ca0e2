"""What happened and why: the public record, its Merkle log, decisions, and the thread through them."""
