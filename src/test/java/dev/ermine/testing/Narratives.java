package dev.ermine.testing;

import dev.ermine.http.QuteNarrative;
import dev.ermine.merge.summary.Narrative;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.Variant;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The narratives of the gateway, by an engine set up as Quarkus sets one up. */
public final class Narratives {

  /** As the gateway writes them. */
  public static final Narrative QUTE =
      new QuteNarrative(
          Engine.builder()
              .addDefaults()
              .addValueResolver(new ReflectionValueResolver())
              .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
              .addLocator(id -> Optional.of(new InClasspath("templates/" + id)))
              .build());

  private Narratives() {}

  private record InClasspath(String path) implements TemplateLocation {

    @Override
    public Reader read() {
      return new InputStreamReader(
          Objects.requireNonNull(Narratives.class.getClassLoader().getResourceAsStream(path)),
          StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Variant> getVariant() {
      return Optional.of(Variant.forContentType(Variant.TEXT_HTML));
    }
  }
}
