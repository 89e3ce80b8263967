package dev.kittiwake.sql.plan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.DelegatingMetadataRel;
import org.apache.calcite.rel.metadata.MetadataHandler;
import org.apache.calcite.rel.metadata.MetadataHandlerProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;

/**
 * Calcite's metadata (row counts, predicates, …) by reflection instead of handlers compiled at run
 * time. Planner vertices stand for the node they hold, as in the compiled handlers.
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
                throw e.getCause();
              }
            });
    return type.cast(unwrapping);
  }

  private static Object unwrapped(Object node) {
    Object inner = node;
    while (inner instanceof RelNode && inner instanceof DelegatingMetadataRel vertex) {
      inner = vertex.getMetadataDelegateRel();
    }
    return inner;
  }
}
