package dev.kittiwake.client.txn;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.region.UserKeys;
import dev.kittiwake.proto.key.Key;

/** What all transactions of one client share. */
final class TxnEnvironment {
  final RegionRouter router;
  final PdClient pd;
  final ClientConfig config;
  final ClientRuntime runtime;
  final BackgroundWork background = new BackgroundWork();
  final LockResolver resolver;
  final Heartbeats heartbeats;

  TxnEnvironment(RegionRouter router, PdClient pd, ClientConfig config, ClientRuntime runtime) {
    this.router = router;
    this.pd = pd;
    this.config = config;
    this.runtime = runtime;
    this.resolver = new LockResolver(this);
    this.heartbeats = new Heartbeats(this);
  }

  Backoff readBudget(CallScope scope, String operation) {
    return new Backoff(runtime, scope, config.readBudget().toMillis(), operation);
  }

  Backoff writeBudget(CallScope scope, String operation) {
    return new Backoff(runtime, scope, config.writeBudget().toMillis(), operation);
  }

  static ByteString wire(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }

  static byte[] stored(Key key) {
    return UserKeys.stored(key.unsafeBytes());
  }
}
