// No literal text in the portal's markup. See README.md, "markup".

import { parse } from '@babel/parser';
import { complain, files, read } from './tree.mjs';

// Attributes that a person reads or hears.
const spoken = /^(title|label|placeholder|alt|description|error|tooltip|aria-(label|description|roledescription))$/;
// A word in any script. The product's name is the same in both languages.
const hasWords = (text) => /\p{L}/u.test(text.replace(/\bYagura\b/g, ''));

function* nodes(node) {
    if (Array.isArray(node)) {
        for (const child of node) yield* nodes(child);
    } else if (node !== null && typeof node === 'object' && typeof node.type === 'string') {
        yield node;
        for (const [key, child] of Object.entries(node)) if (key !== 'loc') yield* nodes(child);
    }
}

// The texts that an expression in markup can become: a ? 'x' : b || 'y', `x ${b}`
function* literals(node) {
    if (node?.type === 'StringLiteral') yield node.value;
    if (node?.type === 'TemplateLiteral') yield node.quasis.map((part) => part.value.cooked).join('');
    if (node?.type === 'JSXExpressionContainer') yield* literals(node.expression);
    if (node?.type === 'ConditionalExpression') yield* [...literals(node.consequent), ...literals(node.alternate)];
    if (node?.type === 'LogicalExpression') yield* [...literals(node.left), ...literals(node.right)];
}

for (const file of files(/^portal\/src\/.*\.tsx$/)) {
    const tree = parse(read(file), { sourceType: 'module', plugins: ['typescript', 'jsx'] });
    for (const node of nodes(tree.program)) {
        const texts = [];
        if (node.type === 'JSXText') texts.push(node.value);
        if (node.type === 'JSXAttribute' && spoken.test(node.name.name)) texts.push(...literals(node.value));
        if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
            for (const child of node.children) texts.push(...literals(child));
        }
        for (const text of texts.filter(hasWords)) {
            complain(`${file}:${node.loc.start.line}`, `"${text.trim()}" is in one language; it belongs in src/text`);
        }
    }
}
