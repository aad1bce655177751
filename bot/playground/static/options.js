// What selects, radio buttons and checkboxes choose from.

/** Placeholder and option texts as a plain string: native controls show no markup. */
export const mrkdwnless = (text) => text?.text ?? null;

/** Options in groups; a list without groups is one group without a name. */
export function groupsOf(element) {
  if (element.option_groups) return element.option_groups.map((group) => ({ label: mrkdwnless(group.label), options: group.options ?? [] }));
  return [{ label: null, options: element.options ?? [] }];
}

/** People who can be chosen, as options. */
export function peopleOptions(scene) {
  return scene.people().map((user) => ({ text: { text: user.real_name || user.name }, value: user.id }));
}
