package dev.kittiwake.pd.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Stores that may give or take, with their scores, in the order of the scores. */
final class Ranking {
  /** A store and its score at the time of ranking. */
  record Place(StoreView store, double score) {}

  private Ranking() {}

  static List<Place> lowestFirst(
      ClusterView view, List<StoreFilter> filters, ToDoubleFunction<StoreView> score) {
    List<Place> places = places(view, filters, score);
    places.sort(
        Comparator.comparingDouble(Place::score).thenComparingLong(place -> place.store().id()));
    return places;
  }

  static List<Place> highestFirst(
      ClusterView view, List<StoreFilter> filters, ToDoubleFunction<StoreView> score) {
    List<Place> places = places(view, filters, score);
    places.sort(
        Comparator.comparingDouble((Place place) -> -place.score())
            .thenComparingLong(place -> place.store().id()));
    return places;
  }

  private static List<Place> places(
      ClusterView view, List<StoreFilter> filters, ToDoubleFunction<StoreView> score) {
    List<Place> places = new ArrayList<>();
    for (StoreView store : view.stores()) {
      if (!store.isTombstone() && Filters.passes(filters, store, view)) {
        places.add(new Place(store, score.applyAsDouble(store)));
      }
    }
    return places;
  }
}
