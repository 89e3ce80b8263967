package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;

/** Whether a request may run here. */
public sealed interface Admission {
  /** It may; {@code view} is the ticket for what follows. */
  record Admitted(RegionView view) implements Admission {}

  /** It may not: the region error to answer. */
  record Refused(Error error) implements Admission {}

  /** The request belongs to another cluster: to be answered with status INVALID_ARGUMENT. */
  record ForeignCluster(String message) implements Admission {}
}
