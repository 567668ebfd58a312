"""Plans under the truth of simulated shops: the shops, the rules of thumb, and the judgement."""
