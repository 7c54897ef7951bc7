package dev.ermine.http;

import dev.ermine.merge.summary.Narrative;
import dev.ermine.merge.summary.Section;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;

/** Sections as the template {@code section.html} writes them, every text in them escaped. */
public final class QuteNarrative implements Narrative {

  private final Template template;

  public QuteNarrative(Engine engine) {
    this.template = engine.getTemplate("section.html");
  }

  @Override
  public String of(Section section) {
    return template.data("section", section).render();
  }
}
