package dev.kittiwake.sql.plan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.DelegatingMetadataRel;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;

/**
 * Calcite's metadata (row counts, predicates, …) by reflection instead of handlers compiled at run
 * time. Planner vertices stand for the node they hold, as in the compiled handlers.
 *
 * <p>Predicates that are known to hold are only a help. Calcite's own collection of them asserts
 * that none compares with NULL, which NULLIF(x, x) gives; where it fails nothing is known.
 */
final class MetadataHandlers implements MetadataHandlerProvider {
  private final MetadataHandlerProvider byReflection =
      new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE);

  @Override
  public <H extends MetadataHandler<?>> H handler(Class<H> type) {
    H handler = byReflection.handler(type);
    Object unwrapping =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (arguments != null && arguments.length > 0) {
                arguments[0] = unwrapped(arguments[0]);
              }
              try {
                return method.invoke(handler, arguments);
              } catch (InvocationTargetException e) {
                if (method.getReturnType() == RelOptPredicateList.class && isAssertion(e)) {
                  return RelOptPredicateList.EMPTY;
                }
                throw e.getCause();
              }
            });
    return type.cast(unwrapping);
  }

  private static boolean isAssertion(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause instanceof AssertionError;
  }

  private static Object unwrapped(Object node) {
    Object inner = node;
    while (inner instanceof RelNode && inner instanceof DelegatingMetadataRel vertex) {
      inner = vertex.getMetadataDelegateRel();
    }
    return inner;
  }
}
