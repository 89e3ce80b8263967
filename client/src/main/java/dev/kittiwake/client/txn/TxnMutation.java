package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest.PessimisticAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a commit writes to one key.
 *
 * @param stored where the key is routed to
 * @param value null unless something is put
 */
record TxnMutation(
    Key key, byte[] stored, Op op, byte[] value, PessimisticAction action, Assertion assertion) {

  /**
   * The mutations of a transaction in key order: its writes, and its locks on keys it did not
   * write.
   */
  static List<TxnMutation> of(MemBuffer buffer, PessimisticLocks locks, boolean pessimistic) {
    TreeMap<Key, TxnMutation> all = new TreeMap<>();
    for (Map.Entry<Key, MemBuffer.Entry> write : buffer.entries().entrySet()) {
      all.put(
          write.getKey(),
          of(write.getKey(), write.getValue(), locks.held(write.getKey()), pessimistic));
    }
    for (Key key : locks.keys()) {
      all.computeIfAbsent(
          key,
          only ->
              new TxnMutation(
                  only,
                  TxnEnvironment.stored(only),
                  Op.Lock,
                  null,
                  PessimisticAction.DO_PESSIMISTIC_CHECK,
                  Assertion.None));
    }
    return new ArrayList<>(all.values());
  }

  private static TxnMutation of(
      Key key, MemBuffer.Entry entry, PessimisticLocks.Held lock, boolean pessimistic) {
    boolean knownAbsent = lock != null && lock.isKnown() && lock.value() == null;
    boolean check = entry.mustNotExist() && !knownAbsent;
    Op op = Op.Put;
    if (entry.isDelete()) {
      op = check ? Op.CheckNotExists : Op.Del;
    } else if (check) {
      op = Op.Insert;
    }
    PessimisticAction action = PessimisticAction.SKIP_PESSIMISTIC_CHECK;
    if (lock != null) {
      action = PessimisticAction.DO_PESSIMISTIC_CHECK;
    } else if (check || !pessimistic) {
      action = PessimisticAction.DO_CONSTRAINT_CHECK;
    }
    Assertion assertion =
        knownAbsent && op == Op.Put && entry.mustNotExist() ? Assertion.NotExist : Assertion.None;
    return new TxnMutation(key, TxnEnvironment.stored(key), op, entry.value(), action, assertion);
  }

  /** Whether prewriting leaves a lock that has to be committed. */
  boolean leavesLock() {
    return op != Op.CheckNotExists;
  }

  int size() {
    return key.length() + (value == null ? 0 : value.length);
  }

  Mutation toProto() {
    Mutation.Builder mutation =
        Mutation.newBuilder().setOp(op).setKey(wire(key)).setAssertion(assertion);
    if (value != null && op != Op.Del && op != Op.CheckNotExists) {
      mutation.setValue(UnsafeByteOperations.unsafeWrap(value));
    }
    return mutation.build();
  }
}
