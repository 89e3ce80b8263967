package dev.kittiwake.raft;

/**
 * What a replica is at the moment. Raft figure 4; the pre-candidate asks before it campaigns
 * (thesis §9.6).
 */
public enum Role {
  FOLLOWER,
  PRE_CANDIDATE,
  CANDIDATE,
  LEADER
}
