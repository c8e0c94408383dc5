// Elements, made short.

/** An element with properties and children; a child that is null is left out. */
export function h(name, properties = {}, ...children) {
  const { dataset, ...others } = properties;
  const element = Object.assign(document.createElement(name), others);
  Object.assign(element.dataset, dataset);
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** Set an element's CSS variables, which the security policy lets scripts alone do. */
export function styled(element, variables) {
  for (const [name, value] of Object.entries(variables)) {
    element.style.setProperty(`--${name}`, value);
  }
  return element;
}

export const byId = (id) => document.getElementById(id);
