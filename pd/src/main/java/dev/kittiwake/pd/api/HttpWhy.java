package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.Decision;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.pd.schedule.Why;

/** Why a region is where it is and why it is not moved, as JSON. On the loop. */
final class HttpWhy {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;

  HttpWhy(PdCluster cluster) {
    this.cluster = cluster;
  }

  JsonNode region(String id) {
    long regionId = HttpPlacement.number(id);
    Why.Answer answer =
        cluster
            .placement()
            .explain(regionId)
            .orElseThrow(() -> new HttpApi.HttpRefused(404, "region " + id + " is not known"));
    ObjectNode node = NODES.objectNode().put("region_id", regionId);
    ArrayNode seats = node.putArray("replicas");
    for (Why.Seat seat : answer.seats()) {
      ObjectNode one =
          seats
              .addObject()
              .put("peer_id", seat.peer().getId())
              .put("store_id", seat.peer().getStoreId())
              .put("role_name", seat.peer().getRole().name())
              .put("is_leader", seat.leads())
              .put("store_state", seat.storeState());
      seat.rule().ifPresent(rule -> one.put("rule", rule.toString()));
    }
    ArrayNode decisions = node.putArray("decisions");
    answer.decisions().forEach(decision -> decisions.add(decision(decision)));
    answer.last().ifPresent(decision -> node.set("last_decision", decision(decision)));
    answer.operator().ifPresent(progress -> node.set("operator", operator(progress)));
    return node;
  }

  static ObjectNode decision(Decision decision) {
    ObjectNode node = NODES.objectNode().put("policy", decision.policy());
    ArrayNode reasons = node.putArray("reasons");
    decision.reasons().forEach(reasons::add);
    if (!decision.candidates().isEmpty()) {
      ArrayNode candidates = node.putArray("candidates");
      for (Decision.Candidate candidate : decision.candidates()) {
        ObjectNode one = candidates.addObject().put("store_id", candidate.storeId());
        if (candidate.filter().isEmpty()) {
          one.put("score", candidate.score()).put("chosen", candidate.chosen());
        } else {
          one.put("filter", candidate.filter());
        }
      }
    }
    if (!decision.operators().isEmpty()) {
      ArrayNode operators = node.putArray("operators");
      decision.operators().forEach(operator -> operators.add(operator.toString()));
    }
    return node;
  }

  static ObjectNode operator(OperatorController.Progress progress) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("desc", progress.operator().name())
            .put("region_id", progress.operator().regionId())
            .put("kind", progress.operator().kind().name().toLowerCase(java.util.Locale.ROOT))
            .put(
                "priority",
                progress.operator().priority().name().toLowerCase(java.util.Locale.ROOT))
            .put("status", progress.status().name())
            .put("current_step", progress.step());
    if (!progress.note().isEmpty()) {
      node.put("note", progress.note());
    }
    ArrayNode steps = node.putArray("steps");
    progress.operator().steps().forEach(step -> steps.add(step.toString()));
    return node;
  }
}
