package dev.kittiwake.simulation.time;

/**
 * Something that will happen. Belongs to one life of a machine, and is void when that has ended; a
 * message that arrives belongs to whatever life it finds.
 */
final class Event implements Comparable<Event> {
  static final int ANY_LIFE = -1;

  final long at;
  final long order; // breaks ties: first come, first served
  final Machine owner; // null = the world itself
  final int life;
  final String what;
  final Runnable action;
  boolean cancelled;

  Event(long at, long order, Machine owner, int life, String what, Runnable action) {
    this.at = at;
    this.order = order;
    this.owner = owner;
    this.life = life;
    this.what = what;
    this.action = action;
  }

  boolean isVoid() {
    return cancelled
        || (owner != null && (!owner.isRunning() || (life != ANY_LIFE && owner.life() != life)));
  }

  @Override
  public int compareTo(Event other) {
    return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
  }

  // Two events are never equal: the order of each is its own.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(order);
  }

  @Override
  public String toString() {
    return at / 1_000_000 + " ms " + (owner == null ? "world" : owner.name()) + " " + what;
  }
}
