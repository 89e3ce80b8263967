package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;

/** One kind of operation that a benchmark repeats. */
interface Workload {
  /** Writes every key once. */
  void fill(ClusterClient client, Draw draw);

  /** One operation; blocks until it is answered. */
  void operate(ClusterClient client, Draw draw);
}
