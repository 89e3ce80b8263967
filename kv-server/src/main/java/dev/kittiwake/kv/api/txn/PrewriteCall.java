package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest.ForUpdateTSConstraint;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.txn.command.AssertionLevel;
import dev.kittiwake.txn.command.CommitShortcut;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.PessimisticAction;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.PrewriteResult;
import dev.kittiwake.txn.command.TxnHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** First phase of a commit: locks and values of a transaction's keys in one region. */
final class PrewriteCall implements KvHandler<PrewriteRequest, PrewriteResponse> {
  private final TxnScheduler scheduler;

  PrewriteCall(TxnScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<PrewriteResponse> handle(PrewriteRequest request) {
    List<Mutation> mutations;
    try {
      mutations = mutations(request);
    } catch (IllegalArgumentException malformed) {
      return CompletableFuture.completedFuture(
          rejected(new KeyError.Invalid(malformed.getMessage())));
    }
    List<Key> keys = new ArrayList<>(mutations.size());
    mutations.forEach(mutation -> keys.add(mutation.key()));
    TxnHeader header =
        new TxnHeader(
            UserKeys.key(request.getPrimaryLock()),
            request.getStartVersion(),
            request.getForUpdateTs(),
            request.getLockTtl(),
            request.getTxnSize(),
            request.getMinCommitTs());
    CommitShortcut shortcut =
        request.getUseAsyncCommit() || request.getTryOnePc()
            ? new CommitShortcut(
                request.getUseAsyncCommit(),
                UserKeys.keys(request.getSecondariesList()),
                request.getTryOnePc(),
                request.getMaxCommitTs())
            : CommitShortcut.NONE;
    Prewrite command =
        new Prewrite(
            header, mutations, shortcut, assertionLevel(request), request.getSkipConstraintCheck());
    return scheduler
        .run(request.getContext(), UserKeys.stored(keys), command)
        .thenApply(
            answer ->
                answer.fold(
                    PrewriteCall::done,
                    error -> PrewriteResponse.newBuilder().setRegionError(error).build(),
                    PrewriteCall::rejected));
  }

  private static PrewriteResponse done(PrewriteResult result) {
    PrewriteResponse.Builder response =
        PrewriteResponse.newBuilder()
            .setMinCommitTs(result.minCommitTs())
            .setOnePcCommitTs(result.onePhaseCommitTs());
    result.locked().forEach(locked -> response.addErrors(KeyErrors.message(locked)));
    return response.build();
  }

  private static PrewriteResponse rejected(KeyError reason) {
    return PrewriteResponse.newBuilder().addErrors(KeyErrors.message(reason)).build();
  }

  private static List<Mutation> mutations(PrewriteRequest request) {
    Map<Integer, Long> expectedForUpdateTs = new HashMap<>();
    for (ForUpdateTSConstraint constraint : request.getForUpdateTsConstraintsList()) {
      expectedForUpdateTs.put(constraint.getIndex(), constraint.getExpectedForUpdateTs());
    }
    List<Mutation> mutations = new ArrayList<>(request.getMutationsCount());
    for (int i = 0; i < request.getMutationsCount(); i++) {
      dev.kittiwake.proto.kvrpcpb.Mutation mutation = request.getMutations(i);
      MutationType type = type(mutation);
      boolean writesValue = type == MutationType.PUT || type == MutationType.INSERT;
      mutations.add(
          new Mutation(
              type,
              UserKeys.key(mutation.getKey()),
              writesValue ? mutation.getValue().toByteArray() : null,
              Assertions.of(mutation.getAssertion()),
              action(request, i),
              expectedForUpdateTs.getOrDefault(i, 0L)));
    }
    return mutations;
  }

  private static MutationType type(dev.kittiwake.proto.kvrpcpb.Mutation mutation) {
    switch (mutation.getOp()) {
      case Put:
        return MutationType.PUT;
      case Del:
        return MutationType.DELETE;
      case Lock:
        return MutationType.LOCK;
      case Insert:
        return MutationType.INSERT;
      case CheckNotExists:
        return MutationType.CHECK_NOT_EXISTS;
      default:
        throw new IllegalArgumentException(
            "mutation of kind "
                + mutation.getOp()
                + " cannot be prewritten: expected Put, Del, Lock, Insert or CheckNotExists");
    }
  }

  private static PessimisticAction action(PrewriteRequest request, int index) {
    if (index >= request.getPessimisticActionsCount()) {
      return PessimisticAction.SKIP_PESSIMISTIC_CHECK;
    }
    switch (request.getPessimisticActions(index)) {
      case DO_PESSIMISTIC_CHECK:
        return PessimisticAction.DO_PESSIMISTIC_CHECK;
      case DO_CONSTRAINT_CHECK:
        return PessimisticAction.DO_CONSTRAINT_CHECK;
      default:
        return PessimisticAction.SKIP_PESSIMISTIC_CHECK;
    }
  }

  private static AssertionLevel assertionLevel(PrewriteRequest request) {
    switch (request.getAssertionLevel()) {
      case Fast:
        return AssertionLevel.FAST;
      case Strict:
        return AssertionLevel.STRICT;
      default:
        return AssertionLevel.OFF;
    }
  }
}
