package dev.ermine.app;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a ConfigMap is.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/">Kubernetes:
 *     object names</a>
 */
record ConfigMapName(String namespace, String name) {

  private static final Pattern FORM =
      Pattern.compile("(?<namespace>[a-z0-9-]{1,63})/(?<name>[a-z0-9.-]{1,253})");

  /** {@code namespace/name}; empty if it is not. */
  static Optional<ConfigMapName> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new ConfigMapName(form.group("namespace"), form.group("name")))
        : Optional.empty();
  }
}
