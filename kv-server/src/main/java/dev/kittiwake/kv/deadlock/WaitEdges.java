package dev.kittiwake.kv.deadlock;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.deadlock.WaitForEntry;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.wait.WaitEdge;

/** Edges of the wait-for graph on the wire. */
final class WaitEdges {
  private WaitEdges() {}

  static WaitForEntry message(WaitEdge edge) {
    return WaitForEntry.newBuilder()
        .setTxn(edge.txn())
        .setWaitForTxn(edge.waitForTxn())
        .setKey(bytes(edge.key()))
        .setKeyHash(edge.keyHash())
        .setResourceGroupTag(UnsafeByteOperations.unsafeWrap(edge.resourceGroupTag()))
        .build();
  }

  static WaitEdge edge(WaitForEntry message) {
    return new WaitEdge(
        message.getTxn(),
        message.getWaitForTxn(),
        key(message.getKey()),
        message.getKeyHash(),
        message.getResourceGroupTag().toByteArray());
  }

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  static ByteString bytes(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }
}
